package io.rootstock.trainer.imports;

import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.GgufAdapterReader;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.export.AdapterExport;
import io.rootstock.trainer.imports.ImportProcess.Stage;
import io.rootstock.trainer.plan.Shapes;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Converts a received adapter, a PEFT directory or a GGUF file, to both formats. The version shares its base's GGUF
 * file, as after a run with quantized base weights.
 *
 * @param folder the import's folder
 */
record AdapterConversion(Path folder) {
    /**
     * Converts an adapter.
     *
     * @param name value of {@code general.name}
     * @param baseFile GGUF file of the base
     * @param base its digest
     * @param ggufs names of the received GGUF files; empty: a PEFT directory was received
     * @return architecture and license
     */
    ImportModelResponse convert(String name, Path baseFile, String base, List<String> ggufs) throws IOException {
        Path upload = folder.resolve(ModelConversion.UPLOAD);
        ImportProcess.begin(Stage.CHECK_ADAPTER);
        ModelConfig config = GgufValidator.validate(baseFile);
        PeftAdapter adapter =
                ggufs.isEmpty() ? peft(upload) : GgufAdapterReader.read(gguf(upload, ggufs), config.shape());
        if (adapter.classifier()) {
            throw new RefusedImportException(
                    "the adapter has a classification head; only adapters of language models can be imported");
        }
        adapter.inOrder(config.shape());
        adapter.tensors().forEach(AdapterConversion::requireFinite);
        AdapterExport.write(folder, adapter, config.shape(), name, Optional.of(base));
        return ImportProcess.result(
                        ggufs.isEmpty() ? ModelLicense.ofDirectory(upload) : ModelLicense.ofGguf(gguf(upload, ggufs)))
                .setArchitecture(Shapes.architecture(config.shape()))
                .build();
    }

    private static PeftAdapter peft(Path upload) throws IOException {
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            if (!Files.exists(upload.resolve(name))) {
                throw new RefusedImportException(name + " is missing: an adapter is a PEFT directory or a GGUF file");
            }
        }
        return PeftAdapter.read(upload);
    }

    private static void requireFinite(NamedTensor tensor) {
        for (float value : tensor.toArray()) {
            if (!Float.isFinite(value)) {
                throw new RefusedImportException("tensor " + tensor.name() + " holds a NaN or an infinity");
            }
        }
    }

    private static Path gguf(Path upload, List<String> ggufs) throws IOException {
        if (ggufs.size() > 1 || FileTree.size(upload) > Files.size(upload.resolve(ggufs.getFirst()))) {
            throw new RefusedImportException(
                    "an adapter is one GGUF file; other files were sent beside " + ggufs.getFirst());
        }
        return upload.resolve(ggufs.getFirst());
    }
}
