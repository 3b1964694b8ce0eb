package io.rootstock.evaluation.canary;

/** Verdict of a check or of all checks; a later one outweighs an earlier one. */
public enum CanaryVerdict {
    /** No degradation is found. */
    GOOD,
    /** Too few requests. */
    WAITING,
    /** A degradation is likely, but not proven. */
    UNCLEAR,
    /** A degradation is found. */
    BAD
}
