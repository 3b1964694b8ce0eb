/**
 * Operations on UTF-8 in byte arrays, without a detour over strings: search, validation, line division.
 *
 * <p>Everything here is bounded by its input or by an explicit limit, and knows no file format.
 */
package io.rootstock.corpus.bytes;
