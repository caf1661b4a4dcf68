"""What language models are told: typed prompts, the way out (consent, masking, room), and a record of each call."""
