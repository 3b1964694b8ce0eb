/** The loop that claims evaluations as long as the service runs, and its health. */
package io.rootstock.evaluator.claim;
