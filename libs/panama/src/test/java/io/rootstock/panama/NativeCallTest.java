package io.rootstock.panama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class NativeCallTest {
    @Test
    void freesTheMemoryAtTheEnd() {
        MemorySegment memory = NativeCall.call(arena -> arena.allocateFrom("text"));
        String copy = NativeCall.call(arena -> NativeCall.string(arena.allocateFrom("text")));

        assertThat(memory.scope().isAlive()).isFalse();
        assertThat(copy).isEqualTo("text");
    }

    @Test
    void rethrowsUncheckedExceptionsUnchanged() {
        IllegalArgumentException exception = new IllegalArgumentException("x");
        AssertionError error = new AssertionError("y");

        assertThatThrownBy(() -> NativeCall.run(() -> {
                    throw exception;
                }))
                .isSameAs(exception);
        assertThatThrownBy(() -> NativeCall.run(arena -> {
                    throw error;
                }))
                .isSameAs(error);
    }

    @Test
    void wrapsCheckedExceptions() {
        assertThatThrownBy(() -> NativeCall.run(() -> {
                    throw new IOException("z");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(IOException.class);
    }
}
