/**
 * Metrics of generated texts compared with references: BLEU and chrF as sacreBLEU computes them, ROUGE as
 * google-research's rouge-score does, exact match and F1 of answers as the SQuAD script does. Strings are split and
 * lower-cased as CPython does it, because the reference implementations are Python programs.
 */
package io.rootstock.evaluation.metric.text;
