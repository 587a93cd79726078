"""One file for each engine of live hearing. Their libraries are loaded in worker processes only."""
