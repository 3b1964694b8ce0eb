/**
 * Search of training data for the rows of tasks: rows become hashed n-grams, documents are streamed against them, and every
 * hit is verified in the texts. A row is flagged if one of its n-grams is found (Brown et al. 2020, appendix C). Reads no
 * files and knows no tokens.
 */
package io.rootstock.evaluation.contamination;
