package io.rootstock.corpus.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 500, 40_000})
    void documentsAreReadAsTheyWereWritten(int count) throws IOException {
        List<Document> documents = documents(count);
        Path file = write(documents);
        assertThat(read(file)).isEqualTo(documents);
    }

    @Test
    void aDocumentLargerThanABlockIsReadAsItWasWritten() throws IOException {
        byte[] large = new byte[5_000_000];
        Arrays.fill(large, (byte) 'a');
        List<Document> documents = new ArrayList<>(documents(3));
        documents.add(1, new Document("large", "", "", Text.ofValidUtf8(large)));
        assertThat(read(write(documents))).isEqualTo(documents);
    }

    @Test
    void equalDocumentsGiveEqualFiles() throws IOException {
        assertThat(Files.readAllBytes(write(documents(3000)))).isEqualTo(Files.readAllBytes(write(documents(3000))));
    }

    @Test
    void everyAlteredByteAndEveryTruncationIsDetected() throws IOException {
        byte[] whole = Files.readAllBytes(write(documents(5)));
        for (int i = 0; i < whole.length; i++) {
            byte[] altered = whole.clone();
            altered[i] ^= 0x10;
            assertDamaged(altered);
            assertDamaged(Arrays.copyOf(whole, i));
        }
        assertDamaged(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void arraysAreReadOneByOne() throws IOException {
        Random random = new Random(1);
        byte[][] arrays = new byte[300][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = new byte[i % 7 * 100];
            random.nextBytes(arrays[i]);
        }
        Path path = folder.resolve("arrays");
        try (OutputStream stream = Files.newOutputStream(path)) {
            ArrayFile.Writer.write(stream, arrays);
        }
        ArrayFile file = new ArrayFile(path);
        assertThat(file.count()).isEqualTo(300);
        for (int i = arrays.length - 1; i >= 0; i--) {
            assertThat(file.length(i)).isEqualTo(arrays[i].length);
            assertThat(file.read(i)).isEqualTo(arrays[i]);
        }
    }

    @Test
    void aDamagedArrayFileIsDetected() throws IOException {
        Path path = folder.resolve("arrays");
        try (OutputStream stream = Files.newOutputStream(path)) {
            ArrayFile.Writer.write(stream, new byte[] {1, 2, 3}, new byte[] {4});
        }
        byte[] whole = Files.readAllBytes(path);
        byte[] altered = whole.clone();
        altered[9] ^= 1;
        Files.write(path, altered);
        assertThatExceptionOfType(DamagedFileException.class)
                .isThrownBy(() -> new ArrayFile(path).read(0))
                .withMessageContaining("checksum of array 0")
                .withMessageContaining("hint: run the job again");
        for (int length = 0; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(DamagedFileException.class).isThrownBy(() -> new ArrayFile(path).read(1));
        }
    }

    private void assertDamaged(byte[] bytes) throws IOException {
        Path file = folder.resolve("damaged");
        Files.write(file, bytes);
        assertThatExceptionOfType(DamagedFileException.class).isThrownBy(() -> read(file));
    }

    private Path write(List<Document> documents) throws IOException {
        Path file = Files.createTempFile(folder, "", ".unit");
        try (OutputStream stream = Files.newOutputStream(file);
                UnitFileWriter writer = new UnitFileWriter(stream)) {
            for (Document document : documents) {
                writer.add(document);
            }
            writer.finish();
            assertThat(writer.documents()).isEqualTo(documents.size());
        }
        return file;
    }

    private static List<Document> read(Path file) throws IOException {
        List<Document> documents = new ArrayList<>();
        try (UnitFileReader reader = new UnitFileReader(file)) {
            for (Document document = reader.next(); document != null; document = reader.next()) {
                documents.add(document);
            }
            assertThat(reader.next()).isNull();
        }
        return documents;
    }

    private static List<Document> documents(int count) {
        Random random = new Random(2);
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = "한국어 text " + "word ".repeat(random.nextInt(50)) + i;
            documents.add(new Document("f:" + i, i % 3 == 0 ? "" : "http://a/" + i, "MIT", Text.of(text)));
        }
        return documents;
    }
}
