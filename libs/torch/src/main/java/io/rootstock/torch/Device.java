package io.rootstock.torch;

/**
 * Where a tensor's memory lies.
 *
 * @param type kind of device
 * @param index number of the device of that kind; -1 means the current one
 */
public record Device(Type type, int index) {
    /** Kinds of devices, by libtorch's numbers. */
    public enum Type {
        /** Main memory. */
        CPU(0),
        /** An NVIDIA GPU. */
        CUDA(1);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** Main memory. */
    public static final Device CPU = new Device(Type.CPU, -1);

    /** The GPU of this number. */
    public static Device cuda(int index) {
        return new Device(Type.CUDA, index);
    }

    long encoded() {
        return ((long) type.code() << 32) | (index & 0xffffffffL);
    }
}
