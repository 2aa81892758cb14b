"""Wenju's sample documents and questions, and the weights of its reader."""
