/** Log-probabilities of given tokens: packs texts of any number of requests, and decodes what they have in common once. */
package io.rootstock.inference.engine.scoring;
