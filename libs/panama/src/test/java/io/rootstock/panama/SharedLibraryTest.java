package io.rootstock.panama;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Test;

class SharedLibraryTest {
    @Test
    void linksFunctions() throws Throwable {
        SharedLibrary math = SharedLibrary.open("libm.so.6");
        MethodHandle cosine = math.function("cos", FunctionDescriptor.of(JAVA_DOUBLE, JAVA_DOUBLE))
                .orElseThrow();

        double one = (double) cosine.invokeExact(0.0);

        assertThat(one).isEqualTo(1.0);
        assertThat(math.name()).isEqualTo("libm.so.6");
        assertThat(math.function("absent_function", FunctionDescriptor.of(JAVA_INT)))
                .isEmpty();
    }

    @Test
    void namesTheMissingFile() {
        assertThatThrownBy(() -> SharedLibrary.open("libabsent.so.9", SharedLibrary.Visibility.GLOBAL))
                .isInstanceOf(LibraryMissingException.class)
                .hasMessageContaining("libabsent.so.9: cannot open shared object file");
    }
}
