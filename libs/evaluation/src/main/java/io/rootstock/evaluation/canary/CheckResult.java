package io.rootstock.evaluation.canary;

/**
 * Result of one check.
 *
 * @param name {@code error_rate}, {@code first_token_time} or {@code agreement}
 * @param text the numbers behind the verdict, for users
 */
public record CheckResult(String name, CanaryVerdict verdict, String text) {}
