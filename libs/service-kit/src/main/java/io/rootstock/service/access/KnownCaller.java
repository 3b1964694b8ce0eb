package io.rootstock.service.access;

import java.time.Instant;

/**
 * The caller of a valid token.
 *
 * @param confirmed time of the registry's answer
 */
public record KnownCaller(Caller caller, Instant confirmed) {}
