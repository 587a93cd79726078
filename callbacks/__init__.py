"""Calls we make, and what callers wish about them."""
