"""What turns text into sound, one engine a file."""
