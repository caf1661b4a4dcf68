"""What the law gives a person over their data: a copy, anonymity, erasure; and how long anything is kept."""
