"""The journal folded into SQL, and measures over it.

The journal is the truth and is trimmed; history is what is kept of it for reports, calibration and
audits. It is made by folding the same journal through the same centre and writing down what its
notices say, so "answered" or "abandoned" means here what it means on the wallboard. It can be
thrown away and made again from any journal that still reaches back far enough.
"""
