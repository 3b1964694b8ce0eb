/**
 * Abilities of models of growing size on one text: trained by an installation, evaluated by its evaluator on the suite
 * {@code emergence}, and plotted against parameters and tokens.
 */
package io.rootstock.bench.emergence;
