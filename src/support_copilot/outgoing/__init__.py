"""Where HTTP requests may go, and how much may come back: for identity providers and services with the API of OpenAI.

The clients of AWS (S3, Bedrock, KMS) bring transports of their own and go where their settings say.
"""
