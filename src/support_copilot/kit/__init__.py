"""Small pieces that need no network and no disk and import nothing of ours."""
