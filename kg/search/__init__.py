"""Search: which things of the graph do some words mean, and which question do they ask?"""
