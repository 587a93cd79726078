"""Sound: PCM, codecs, recognisers, voices and prompts on disk. It knows nothing of calls."""
