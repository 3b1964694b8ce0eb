package io.rootstock.dist.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Edits of a small class, which is loaded and called. */
final class ClassPatchTest {
    private static final String TYPE = Sample.class.getName().replace('.', '/');

    /** The class that is edited. */
    public static class Sample {
        static final long STARTED = System.nanoTime();

        private final int size = 3;
        private int slot;

        Sample() {}

        static native int natively();

        static int[] values() {
            return new int[] {3, 1, 2};
        }

        /** Calls {@link #values}. */
        public static String listed() {
            return Arrays.toString(values());
        }

        /** A constant that the static initializer has taken from the clock, and the clock. */
        public static long[] times() {
            return new long[] {STARTED, System.nanoTime()};
        }

        /** Copies a constant. */
        public static String copied() {
            return new String("constant");
        }

        /** Calls the native method. */
        public static int called() {
            return natively();
        }

        /** Keeps fields used. */
        public int sum() {
            slot += size;
            return slot;
        }
    }

    @Test
    void aNativeMethodGetsABody() throws Exception {
        Edit body =
                new Edit.Body("natively", "()I", code -> code.loadConstant(7).ireturn());
        assertThat(call(patched(body), "called")).isEqualTo(7);
    }

    @Test
    void codeFollowsACall() throws Exception {
        Edit sorted = new Edit.AfterCall(
                "values",
                code -> code.dup()
                        .invokestatic(
                                ClassDesc.of("java.util.Arrays"),
                                "sort",
                                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int.arrayType())));
        assertThat(call(patched(sorted), "listed")).isEqualTo("[1, 2, 3]");
    }

    @Test
    void onlyTheStaticInitializerGetsTheConstant() throws Exception {
        long[] times = (long[]) call(patched(new Edit.Constant("nanoTime", 42)), "times");
        assertThat(times[0]).isEqualTo(42);
        assertThat(times[1]).as("the code of an executable asks the clock").isNotEqualTo(42);
    }

    @Test
    void aCopyOfAStringHasItsOwnCharacters() throws Exception {
        byte[] patched = patched(new Edit.UnsharedCopies());
        assertThat(call(patched, "copied")).isEqualTo("constant");
        assertThat(ClassFile.of().parse(patched).methods().stream()
                        .flatMap(method -> method.code().stream())
                        .flatMap(code -> code.elementStream())
                        .filter(InvokeInstruction.class::isInstance)
                        .map(element -> ((InvokeInstruction) element).type().stringValue()))
                .contains("([C)V")
                .doesNotContain("(Ljava/lang/String;)V");
    }

    @Test
    void aFieldOfASubstitutedClassIsReset() throws Exception {
        ClassModel model = ClassFile.of().parse(patched(new Edit.Reset("slot")));
        FieldModel slot = model.fields().stream()
                .filter(field -> field.fieldName().equalsString("slot"))
                .reduce((_, _) -> {
                    throw new AssertionError("two fields");
                })
                .orElseThrow();
        assertThat(slot.findAttribute(Attributes.runtimeVisibleAnnotations())
                        .orElseThrow()
                        .annotations())
                .extracting(
                        annotation -> annotation.className().stringValue(),
                        annotation -> annotation.elements().stream()
                                .map(AnnotationElement::toString)
                                .toList()
                                .toString()
                                .contains("Reset"))
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("Lcom/oracle/svm/core/annotate/Alias;", false),
                        org.assertj.core.api.Assertions.tuple(
                                "Lcom/oracle/svm/core/annotate/RecomputeFieldValue;", true));
    }

    @Test
    void aFinalFieldBecomesAssignable() throws Exception {
        ClassModel model = ClassFile.of().parse(patched(new Edit.Assignable("size")));
        assertThat(model.fields())
                .filteredOn(field -> field.fieldName().equalsString("size"))
                .singleElement()
                .satisfies(
                        field -> assertThat(field.flags().has(AccessFlag.FINAL)).isFalse())
                .satisfies(field ->
                        assertThat(field.flags().has(AccessFlag.PRIVATE)).isFalse());
    }

    @Test
    void aClassOfAnotherVersionIsRefused() {
        assertThatThrownBy(() -> patched(new Edit.AfterCall("gone", _ -> {})))
                .isInstanceOf(IOException.class)
                .hasMessage("this builder is not known: " + Sample.class.getName() + " has no call of gone");
        assertThatThrownBy(() -> patched(new Edit.Constant("currentTimeMillis", 1)))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("has no call of currentTimeMillis in its static initializer");
    }

    private static byte[] patched(Edit... edits) throws IOException {
        try (InputStream in = Sample.class.getResourceAsStream("/" + TYPE + ".class")) {
            return new ClassPatch(TYPE, edits).apply(in.readAllBytes());
        }
    }

    private static Object call(byte[] type, String method) throws ReflectiveOperationException {
        Class<?> loaded = new ClassLoader(null) {
            Class<?> define() {
                return defineClass(Sample.class.getName(), type, 0, type.length);
            }
        }.define();
        Method found = loaded.getDeclaredMethod(method);
        return found.invoke(null);
    }
}
