/** Canary analysis: rules that compare the live requests of a canary with those of the version beside it. */
package io.rootstock.evaluation.canary;
