package io.rootstock.trainer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.GgufAdapter;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.data.GgufBases;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterImportTest {
    private static final List<String> TARGETS = List.of("q_proj", "down_proj");

    @TempDir
    Path home;

    private DirectoryArtifactStore store;
    private ModelImports imports;
    private Digest base;
    private ModelShape shape;

    @BeforeEach
    void open() throws IOException {
        store = new DirectoryArtifactStore(home.resolve("artifacts"));
        imports = new ModelImports(home.resolve("imports"), store, 1, Set.of(GgufFile.Q8_0), SandboxMode.AVAILABLE);
        Path file = GgufBases.write(
                new DirectoryArtifactStore(home.resolve("other")), home.resolve("base.gguf"), Optional.empty(), true);
        shape = GgufValidator.validate(file).shape();
        base = store.putFile(file);
    }

    @Test
    void aPeftDirectoryAndAGgufFileGiveTheSameArtifacts() throws IOException {
        PeftAdapter adapter = adapter(0.1f);
        ImportModelResponse ofPeft = imported(peft(adapter));
        Path gguf = home.resolve("their adapter.gguf");
        GgufAdapter.write(gguf, shape, adapter, "theirs");
        ImportModelResponse ofGguf = imported(gguf);

        assertThat(ofPeft.getArtifactsList())
                .extracting(Artifact::getKind)
                .containsExactly(
                        ArtifactKind.ARTIFACT_KIND_GGUF_BASE,
                        ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER,
                        ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER);
        assertThat(ofPeft.getArtifactsList().getFirst().getDigest()).isEqualTo(base.value());
        assertThat(ofPeft.getTokenizerDigest()).isEmpty();
        assertThat(ofGguf.getArtifactsList()).isEqualTo(ofPeft.getArtifactsList());
        Path stored =
                store.verified(Digest.parse(ofPeft.getArtifactsList().getLast().getDigest()));
        assertThat(Files.readString(stored, StandardCharsets.ISO_8859_1))
                .containsPattern("general\\.name[^a-z]*polite");
        PeftAdapter read = PeftAdapter.read(
                store.materialize(Digest.parse(ofPeft.getArtifactsList().get(1).getDigest()), home.resolve("read")));
        assertThat(read.inOrder(shape).getFirst().toArray())
                .containsExactly(adapter.inOrder(shape).getFirst().toArray());
        assertThat(home.resolve("imports")).isEmptyDirectory();
    }

    @Test
    void whatTheBaseCannotServeIsRefusedAndNothingIsStored() throws IOException {
        assertThatThrownBy(() -> imported(peft(adapter(Float.NaN))))
                .isInstanceOf(RefusedImportException.class)
                .hasMessage("tensor model.layers.0.self_attn.q_proj.lora_A.weight holds a NaN or an infinity");

        List<NamedTensor> tensors = new ArrayList<>(adapter(0.1f).tensors());
        tensors.removeLast();
        assertThatThrownBy(() -> imported(peft(new PeftAdapter(4, 8, false, TARGETS, tensors))))
                .isInstanceOf(RefusedImportException.class)
                .hasMessageEndingWith("mlp.down_proj.lora_B.weight is missing");

        Path[] files = peft(adapter(0.1f));
        assertThatThrownBy(() -> imported(files[0]))
                .isInstanceOf(RefusedImportException.class)
                .hasMessage("adapter_model.safetensors is missing: an adapter is a PEFT directory or a GGUF file");

        Digest unknown = Digest.parse("sha256:" + "0".repeat(64));
        assertThatThrownBy(() -> imported(unknown, files))
                .isInstanceOf(RefusedImportException.class)
                .hasMessage("the base's GGUF file " + unknown + " is not in the artifact store");
        assertThat(home.resolve("imports")).isEmptyDirectory();
    }

    @Test
    void anAdapterWithoutABaseIsRefusedWithTheOption() throws IOException {
        Path gguf = home.resolve("adapter.gguf");
        GgufAdapter.write(gguf, shape, adapter(0.1f), "theirs");
        assertThatThrownBy(() -> {
                    try (ModelImport model = imports.begin()) {
                        send(model, gguf);
                        model.finish(stage -> {}, () -> true);
                    }
                })
                .isInstanceOf(RefusedImportException.class)
                .hasMessage(
                        "adapter.gguf: general.type must be model, is adapter; an adapter is imported with its base:"
                                + " rootstock models import NAME FILE --base MODEL");
    }

    @Test
    void theLicenseOfAModelCardIsReported() throws IOException {
        Path[] files = peft(adapter(0.1f));
        assertThat(imported(files).getLicense()).isEmpty();

        Path card = Files.writeString(home.resolve("README.md"), "---\nbase_model: their/base\nlicense: mit\n---\n");
        assertThat(imported(files[0], files[1], card).getLicense()).isEqualTo("mit");
    }

    private PeftAdapter adapter(float first) {
        Random random = new Random(3);
        List<NamedTensor> tensors = new ArrayList<>();
        new PeftAdapter(4, 8, false, TARGETS, List.of()).expected(shape).forEach((name, dimensions) -> {
            float[] values = new float[(int) NamedTensor.elements(dimensions)];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensors.isEmpty() && i == 0 ? first : (float) random.nextGaussian();
            }
            tensors.add(NamedTensor.of(name, values, dimensions));
        });
        return new PeftAdapter(4, 8, false, TARGETS, tensors);
    }

    private Path[] peft(PeftAdapter adapter) throws IOException {
        Path folder = Files.createTempDirectory(home, "peft");
        adapter.write(folder, "their/base");
        return new Path[] {folder.resolve("adapter_config.json"), folder.resolve("adapter_model.safetensors")};
    }

    private ImportModelResponse imported(Path... files) throws IOException {
        return imported(base, files);
    }

    private ImportModelResponse imported(Digest adapterBase, Path... files) throws IOException {
        try (ModelImport model = imports.begin()) {
            model.settings(new ImportSettings("polite", Optional.empty(), Optional.of(adapterBase)));
            for (Path file : files) {
                send(model, file);
            }
            return model.finish(stage -> assertThat(stage).isNotBlank(), () -> true)
                    .orElseThrow();
        }
    }

    private static void send(ModelImport model, Path file) throws IOException {
        model.file(file.getFileName().toString());
        model.write(ByteBuffer.wrap(Files.readAllBytes(file)));
    }
}
