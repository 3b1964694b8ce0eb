/** The registry's side of an evaluation: claims, the lease of a claimed evaluation, reports and its end. */
package io.rootstock.evaluator.lease;
