package io.rootstock.torch;

import static io.rootstock.torch.NativeLibraries.MEMORY;
import static io.rootstock.torch.NativeLibraries.function;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;

/**
 * Captures the text of libtorch's errors. Up to 2.12 its C functions return only a code and print the message to
 * std::cerr. Therefore std::cerr gets a stream buffer whose virtual output functions are Java methods: each thread's
 * text goes to a buffer of that thread, without locks and without text of other threads.
 */
final class ErrorText {
    private static final int KEPT_CHARACTERS = 1 << 16;
    private static final ThreadLocal<StringBuilder> TEXT = ThreadLocal.withInitial(StringBuilder::new);

    /** Itanium C++ ABI: slots of std::streambuf's virtual functions, after offset-to-top and type info. */
    private static final int VIRTUAL_FUNCTIONS = 14;

    private static final int XSPUTN = 12;
    private static final int OVERFLOW = 13;

    private ErrorText() {}

    /** Puts the Java-backed buffer under std::cerr. */
    static void capture() {
        NativeCall.run(() -> {
            MemorySegment buffer = Arena.global().allocate(256, 16);
            function("_ZNSt7__cxx1115basic_stringbufIcSt11char_traitsIcESaIcEEC1Ev", null, ADDRESS)
                    .invoke(buffer);
            MemorySegment table = copyVirtualTable(buffer);
            table.setAtIndex(JAVA_LONG, 2 + XSPUTN, upcall("write", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
            table.setAtIndex(JAVA_LONG, 2 + OVERFLOW, upcall("writeOne", JAVA_INT, JAVA_LONG, JAVA_INT));
            buffer.set(JAVA_LONG, 0, table.address() + 16);

            long cerr = NativeLibraries.symbol("_ZSt4cerr").address();
            long offsetOfIos = MEMORY.get(JAVA_LONG, MEMORY.get(JAVA_LONG, cerr) - 24);
            MethodHandle setBuffer = function(
                    "_ZNSt9basic_iosIcSt11char_traitsIcEE5rdbufEPSt15basic_streambufIcS1_E",
                    JAVA_LONG,
                    JAVA_LONG,
                    JAVA_LONG);
            long _ = (long) setBuffer.invokeExact(cerr + offsetOfIos, buffer.address());
        });
    }

    /** Returns the text printed by this thread since the last call, without the C++ stack trace. */
    static String take() {
        StringBuilder text = TEXT.get();
        String all = text.toString();
        text.setLength(0);
        int stackTrace = all.indexOf("\nException raised from");
        String message = stackTrace < 0 ? all : all.substring(0, stackTrace);
        String prefix = "Exception in aoti_torch: ";
        int start = message.lastIndexOf(prefix);
        return (start < 0 ? message : message.substring(start + prefix.length())).strip();
    }

    private static MemorySegment copyVirtualTable(MemorySegment object) {
        MemorySegment table = Arena.global().allocate(8L * (2 + VIRTUAL_FUNCTIONS), 16);
        MemorySegment.copy(MEMORY, object.get(JAVA_LONG, 0) - 16, table, 0, table.byteSize());
        return table;
    }

    private static long upcall(String method, MemoryLayout result, MemoryLayout... arguments)
            throws ReflectiveOperationException {
        FunctionDescriptor descriptor = FunctionDescriptor.of(result, arguments);
        MethodType type = descriptor.toMethodType();
        MethodHandle handle = MethodHandles.lookup().findStatic(ErrorText.class, method, type);
        return Linker.nativeLinker()
                .upcallStub(handle, descriptor, Arena.global())
                .address();
    }

    /**
     * std::streambuf::xsputn. An exception here would abort the process, so the length is bounded and nothing throws.
     */
    @SuppressWarnings("UnusedMethod") // called by libstdc++ through the stub that upcall() makes
    private static long write(long unusedBuffer, long characters, long count) {
        StringBuilder text = TEXT.get();
        if (text.length() < KEPT_CHARACTERS) {
            byte[] bytes =
                    MEMORY.asSlice(characters, Math.min(count, KEPT_CHARACTERS)).toArray(JAVA_BYTE);
            text.append(new String(bytes, StandardCharsets.UTF_8));
        }
        return count;
    }

    /** std::streambuf::overflow: one character; -1 is end of file and means nothing to write. */
    @SuppressWarnings("UnusedMethod") // called by libstdc++ through the stub that upcall() makes
    private static int writeOne(long unusedBuffer, int character) {
        StringBuilder text = TEXT.get();
        if (character != -1 && text.length() < KEPT_CHARACTERS) {
            text.append((char) (character & 0xff));
        }
        return character == -1 ? 0 : character;
    }
}
