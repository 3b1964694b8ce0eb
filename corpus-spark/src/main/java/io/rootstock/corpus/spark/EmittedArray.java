package io.rootstock.corpus.spark;

import java.io.Serializable;

/**
 * An array of one unit for one bucket, as the shuffle moves it.
 *
 * @param unit index of the unit
 * @param bytes the array; not empty
 */
@SuppressWarnings("ArrayRecordComponent")
record EmittedArray(int unit, byte[] bytes) implements Serializable {
    private static final long serialVersionUID = 1L;
}
