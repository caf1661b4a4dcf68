"""Other programs are told what happened: who, of what, signed, until they have it or the time is over."""
