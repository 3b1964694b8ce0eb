/** Metrics of predicted classes and generated texts. Independent of models and protocols. */
package io.rootstock.evaluation;
