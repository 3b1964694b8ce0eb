package io.rootstock.registry.webhook;

import java.util.List;

/**
 * The receiver of a request.
 *
 * @param secrets keys of the signatures: the current one, and the previous one until its time is over
 */
record Endpoint(String url, List<Secret> secrets) {}
