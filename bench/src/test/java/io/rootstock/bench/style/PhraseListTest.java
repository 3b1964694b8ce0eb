package io.rootstock.bench.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class PhraseListTest {
    private static final PhraseList PHRASES = PhraseList.parse("""
            # Glossary

            - `term`: not a phrase

            ## Phrases not to use

            - `\\bis no [a-z]+`: is not a
            - `let go of`: release

            ## Another section

            - `other`
            """);

    @Test
    void matchesAcrossLineBreaksOfComments() {
        assertThat(PHRASES.find("A.java", """
                /**
                 * There is
                 * no tokenizer.
                 */
                // Here is no term, and other text.
                """)).extracting(Place::line).containsExactly(2L, 5L);
    }

    @Test
    void matchesAcrossJoinedStringLiterals() {
        assertThat(PHRASES.find("A.java", """
                int first;
                String text = "there is "
                        + "no such model";
                """)).extracting(Place::line).containsExactly(2L);
    }

    @Test
    void codeInDocumentsIsNotSearched() {
        assertThat(PHRASES.find("a.md", """
                ```
                this is no match
                ```
                A message: `is no model`.
                Please let go of it.
                """)).extracting(Place::line).containsExactly(5L);
    }

    @Test
    void aParagraphEndsAPhrase() {
        assertThat(PHRASES.find("a.md", "what it is\n\nno match")).isEmpty();
    }

    @Test
    void aGlossaryWithoutTheSectionIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PhraseList.parse("# Glossary"))
                .withMessageContaining("## Phrases not to use");
    }
}
