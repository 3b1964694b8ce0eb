package io.rootstock.evaluation.gate;

/**
 * Whether a gate is passed.
 *
 * @param reason the numbers behind it, for users
 */
public record GateOutcome(boolean passed, String reason) {}
