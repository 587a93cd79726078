"""What turns recordings into words, one engine a file."""
