/**
 * Results of tasks: metrics over row records with standard error, interval, chance and signature. Records are added one
 * by one; numbers are kept of them, no texts. Independent of models and protocols.
 */
package io.rootstock.evaluation.result;
