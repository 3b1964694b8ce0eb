/**
 * Masking of personal data and secrets: e-mail addresses, telephone numbers, IP addresses, credit cards, IBANs, Korean
 * resident registration numbers, keys and tokens.
 *
 * <p>One pass over the bytes looks for trigger bytes (such as '@' or the first digit of a run) in a table of 256
 * entries; a rule for each kind then checks a bounded number of bytes around. No rule depends on another document, and
 * all are linear in the worst case.
 */
package io.rootstock.corpus.privacy;
