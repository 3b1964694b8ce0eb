package io.rootstock.corpus.language;

import java.io.IOException;

/**
 * Rows of float32. A product-quantized matrix is decoded when it is read.
 *
 * <p>A quantized row is norm times the concatenated centroids of its codes. fastText multiplies each centroid by the
 * norm when it adds a row, and the finished dot product by the norm when it multiplies by a row; {@code values} holds
 * the products for the first use, and {@code norms} the factors for the second.
 */
final class Matrix {
    private static final int CENTROIDS = 256;

    /** Number of rows, and of columns. */
    final int rows;

    final int columns;

    /** Row-major values. */
    final float[] values;

    /** Factor of each row's dot products; null if all are 1. */
    private final float[] norms;

    private Matrix(int rows, int columns, float[] values, float[] norms) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
        this.norms = norms;
    }

    /** Reads a dense matrix. */
    static Matrix readDense(ModelInput in, long maxBytes) throws IOException {
        long rows = in.readLong();
        long columns = in.readLong();
        requireSize(in, rows, columns, maxBytes);
        return new Matrix((int) rows, (int) columns, in.readFloats((int) (rows * columns)), null);
    }

    /**
     * Reads a quantized matrix.
     *
     * @param forRows whether rows will be added to a vector; otherwise they will be multiplied by vectors
     */
    static Matrix readQuantized(ModelInput in, long maxBytes, boolean forRows) throws IOException {
        boolean quantizedNorms = in.readBoolean();
        long rows = in.readLong();
        long columns = in.readLong();
        requireSize(in, rows, columns, maxBytes);
        byte[] codes = in.readBytes(in.readInt("size of codes", 0, (int) Math.min(maxBytes, Integer.MAX_VALUE - 8)));
        Quantizer quantizer = Quantizer.read(in, (int) columns);
        if (codes.length != rows * quantizer.parts) {
            throw in.invalid("a quantized matrix has " + codes.length + " codes instead of " + rows * quantizer.parts
                    + "; the file may be damaged: download it again");
        }
        float[] norms = null;
        if (quantizedNorms) {
            byte[] normCodes = in.readBytes((int) rows);
            float[] centroids = Quantizer.read(in, 1).centroids;
            norms = new float[(int) rows];
            for (int row = 0; row < norms.length; row++) {
                norms[row] = centroids[normCodes[row] & 0xFF];
            }
        }
        float[] values = quantizer.decode(codes, (int) rows, forRows ? norms : null);
        return new Matrix((int) rows, (int) columns, values, forRows ? null : norms);
    }

    private static void requireSize(ModelInput in, long rows, long columns, long maxBytes) throws IOException {
        if (rows < 1 || columns < 1 || rows > Integer.MAX_VALUE || columns > 1 << 16) {
            throw in.invalid("a matrix has " + rows + " rows and " + columns
                    + " columns; the file may be damaged: download it again");
        }
        long bytes = rows * columns * Float.BYTES;
        if (bytes > maxBytes || rows * columns > Integer.MAX_VALUE - 8) {
            throw in.invalid("a matrix needs " + bytes + " bytes, above the limit of " + maxBytes
                    + "; raise the limit, or use the quantized model (.ftz)");
        }
    }

    /** Dot product of a row and a vector, summed from left to right. */
    float dot(int row, float[] vector) {
        float sum = 0;
        int base = row * columns;
        for (int column = 0; column < columns; column++) {
            sum += values[base + column] * vector[column];
        }
        return norms == null ? sum : sum * norms[row];
    }

    /** Centroids of a product quantizer. */
    private static final class Quantizer {
        private final int columns;
        private final int parts;
        private final int width;
        private final int lastWidth;
        private final float[] centroids;

        private Quantizer(int columns, int parts, int width, int lastWidth, float[] centroids) {
            this.columns = columns;
            this.parts = parts;
            this.width = width;
            this.lastWidth = lastWidth;
            this.centroids = centroids;
        }

        static Quantizer read(ModelInput in, int columns) throws IOException {
            int stated = in.readInt("dimension of a quantizer", columns, columns);
            int parts = in.readInt("parts of a quantizer", 1, columns);
            int width = in.readInt("width of a quantizer's part", 1, columns);
            int lastWidth = in.readInt("width of a quantizer's last part", 1, width);
            if ((parts - 1) * width + lastWidth != columns) {
                throw in.invalid("the parts of a quantizer do not add up to " + columns
                        + " columns; the file may be damaged: download it again");
            }
            return new Quantizer(stated, parts, width, lastWidth, in.readFloats(stated * CENTROIDS));
        }

        float[] decode(byte[] codes, int rows, float[] norms) {
            float[] values = new float[rows * columns];
            int at = 0;
            for (int row = 0; row < rows; row++) {
                for (int part = 0; part < parts; part++) {
                    int code = codes[row * parts + part] & 0xFF;
                    int size = part == parts - 1 ? lastWidth : width;
                    int centroid = part * CENTROIDS * width + code * size;
                    for (int index = 0; index < size; index++) {
                        float value = centroids[centroid + index];
                        values[at++] = norms == null ? value : norms[row] * value;
                    }
                }
            }
            return values;
        }
    }
}
