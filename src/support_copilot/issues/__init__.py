"""Issues, conversations, messages, resolutions, attachments: the record that services share."""
