package io.rootstock.trainer.engine.model;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import java.util.List;

/** A weight matrix [out,in], or its gradient. */
sealed interface Matrix {
    /** Rows: output features. */
    long rows();

    /** Columns: input features. */
    long columns();

    /** Closes its tensors. */
    void close();

    /**
     * A floating-point matrix, trained or frozen. Gradients are always dense.
     *
     * @param values [out,in]
     */
    record Dense(Tensor values) implements Matrix {
        @Override
        public long rows() {
            return values.sizes()[0];
        }

        @Override
        public long columns() {
            return values.sizes()[1];
        }

        @Override
        public void close() {
            values.close();
        }
    }

    /**
     * One or several frozen matrices of a GGUF file, stacked by rows. They stay quantized in memory: a matrix product
     * dequantizes one tile of rows at a time.
     *
     * @param stacked the matrices, all with the same number of columns
     */
    record Quantized(List<QuantizedTensor> stacked) implements Matrix {
        /**
         * Elements of a tile: 4 MiB in float32. Larger tiles take more memory without being faster; in much smaller tiles
         * the packing of the operands in the matrix product dominates.
         */
        private static final long TILE_ELEMENTS = 1 << 20;

        /** Elements rounded to another type at a time: 256 KiB in float32, which stay in the second-level cache. */
        private static final long ROUNDED_ELEMENTS = 1 << 16;

        /** Receives a tile [count,in] that starts at row {@code first}; the tensor is valid during the call. */
        @FunctionalInterface
        interface TileVisitor {
            void visit(int first, Tensor tile);
        }

        @Override
        public long rows() {
            return stacked.stream().mapToLong(QuantizedTensor::rows).sum();
        }

        @Override
        public long columns() {
            return stacked.getFirst().columns();
        }

        /**
         * Dequantizes all rows tile by tile into the thread's workspace.
         *
         * @param type element type of the tiles; values are dequantized to float32 and then rounded
         */
        void tiles(DType type, TileVisitor visitor) {
            long atOnce = Math.max(1, TILE_ELEMENTS / columns());
            long first = 0;
            for (QuantizedTensor matrix : stacked) {
                long tiles = Math.ceilDiv(matrix.rows(), atOnce);
                for (long index = 0; index < tiles; index++) {
                    long from = matrix.rows() * index / tiles;
                    long to = matrix.rows() * (index + 1) / tiles;
                    try (Tensor tile = dequantized(matrix, from, to, type)) {
                        visitor.visit(Math.toIntExact(first + from), tile);
                    }
                }
                first += matrix.rows();
            }
        }

        /** Dequantizes the rows with these indices [M,in], float32; for a single matrix. */
        Tensor rows(int[] indices) {
            QuantizedTensor matrix = stacked.getFirst();
            Tensor rows = Tensor.empty(DType.FLOAT32, indices.length, matrix.columns());
            long bytes = matrix.columns() * Float.BYTES;
            for (int index = 0; index < indices.length; index++) {
                matrix.dequantize(
                        indices[index], indices[index] + 1L, rows.memory().asSlice(index * bytes, bytes));
            }
            return rows;
        }

        @Override
        public void close() {} // the mapped file belongs to its owner

        private static Tensor dequantized(QuantizedTensor matrix, long from, long to, DType type) {
            Tensor tile = Tensor.empty(type, to - from, matrix.columns());
            if (type == DType.FLOAT32) {
                matrix.dequantize(from, to, tile.memory());
                return tile;
            }
            long atOnce = Math.max(1, ROUNDED_ELEMENTS / matrix.columns());
            try (Tensor floats = Tensor.empty(DType.FLOAT32, Math.min(atOnce, to - from), matrix.columns())) {
                for (long row = from; row < to; row += atOnce) {
                    long count = Math.min(atOnce, to - row);
                    long elements = count * matrix.columns();
                    matrix.dequantize(row, row + count, floats.memory().asSlice(0, elements * Float.BYTES));
                    try (Tensor source = floats.slice(0, count, matrix.columns());
                            Tensor target = tile.slice((row - from) * matrix.columns(), count, matrix.columns())) {
                        Operators.COPY.run(target, source);
                    }
                }
            }
            return tile;
        }
    }

    /** The tensor of a gradient; null if the matrix is frozen. */
    static Tensor tensor(Matrix gradient) {
        return switch (gradient) {
            case null -> null;
            case Dense(Tensor values) -> values;
            case Quantized _ -> throw new IllegalStateException("a quantized matrix is frozen and has no gradient");
        };
    }
}
