package io.rootstock.bench.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingTextTest {
    @Test
    void linesOfAParagraphAreJoinedAndShortParagraphsShareADocument() {
        String line = "word ".repeat(120).strip();
        String text = line + "\n  " + line + "\n\n\nshort\n\n" + line + "\n\n" + line + "\n";
        List<String> documents = TrainingText.documents(text, " ");
        assertThat(documents)
                .containsExactly(line + " " + line + "\n\nshort", line + "\n\n" + line)
                .first()
                .asString()
                .hasSizeGreaterThan(1200);
        assertThat(TrainingText.documents("ROMEO:\nO!\n\nJULIET:\nO?", "\n"))
                .containsExactly("ROMEO:\nO!\n\nJULIET:\nO?");
    }
}
