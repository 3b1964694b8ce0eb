package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Writes a model of any size whose matrices are holes in a sparse file. */
final class SparseGguf {
    private SparseGguf() {}

    static void write(Path file, ModelConfig config, GgufType type, Path tokenizer) throws IOException {
        GgufWriter writer = Gguf.header(config, TokenizerFiles.read(TinyModel.tokenizer(tokenizer)), "sparse");
        LlamaTensors.expected(config.shape()).forEach((name, shape) -> {
            GgufType own = shape.length == 1 ? GgufType.F32 : type;
            long elements = NamedTensor.elements(shape);
            writer.tensor(GgufNames.of(name), shape, own, channel -> {
                channel.position(channel.position() + own.bytes(elements) - 1);
                channel.write(ByteBuffer.allocate(1));
            });
        });
        writer.write(file);
    }
}
