package io.rootstock.sandbox;

/**
 * System calls that a confined process may make, and those that the sandbox itself makes, with their numbers in the
 * tables of the two supported architectures; -1: the architecture does not have the call.
 */
enum Syscall {
    // Files and descriptors; Landlock decides which files can be opened.
    READ(0, 63, Use.ALLOWED),
    WRITE(1, 64, Use.ALLOWED),
    OPEN(2, -1, Use.ALLOWED),
    CLOSE(3, 57, Use.ALLOWED),
    STAT(4, -1, Use.ALLOWED),
    FSTAT(5, 80, Use.ALLOWED),
    LSTAT(6, -1, Use.ALLOWED),
    POLL(7, -1, Use.ALLOWED),
    LSEEK(8, 62, Use.ALLOWED),
    PREAD64(17, 67, Use.ALLOWED),
    PWRITE64(18, 68, Use.ALLOWED),
    READV(19, 65, Use.ALLOWED),
    WRITEV(20, 66, Use.ALLOWED),
    ACCESS(21, -1, Use.ALLOWED),
    PIPE(22, -1, Use.ALLOWED),
    SELECT(23, -1, Use.ALLOWED),
    DUP(32, 23, Use.ALLOWED),
    DUP2(33, -1, Use.ALLOWED),
    SENDFILE(40, 71, Use.ALLOWED),
    FLOCK(73, 32, Use.ALLOWED),
    FSYNC(74, 82, Use.ALLOWED),
    FDATASYNC(75, 83, Use.ALLOWED),
    FTRUNCATE(77, 46, Use.ALLOWED),
    GETDENTS(78, -1, Use.ALLOWED),
    GETDENTS64(217, 61, Use.ALLOWED),
    GETCWD(79, 17, Use.ALLOWED),
    RENAME(82, -1, Use.ALLOWED),
    MKDIR(83, -1, Use.ALLOWED),
    RMDIR(84, -1, Use.ALLOWED),
    UNLINK(87, -1, Use.ALLOWED),
    READLINK(89, -1, Use.ALLOWED),
    UMASK(95, 166, Use.ALLOWED),
    STATFS(137, 43, Use.ALLOWED),
    FSTATFS(138, 44, Use.ALLOWED),
    READAHEAD(187, 213, Use.ALLOWED),
    FADVISE64(221, 223, Use.ALLOWED),
    EPOLL_CREATE1(291, 20, Use.ALLOWED),
    EPOLL_CTL(233, 21, Use.ALLOWED),
    EPOLL_WAIT(232, -1, Use.ALLOWED),
    EPOLL_PWAIT(281, 22, Use.ALLOWED),
    EVENTFD2(290, 19, Use.ALLOWED),
    OPENAT(257, 56, Use.ALLOWED),
    MKDIRAT(258, 34, Use.ALLOWED),
    NEWFSTATAT(262, 79, Use.ALLOWED),
    UNLINKAT(263, 35, Use.ALLOWED),
    RENAMEAT(264, 38, Use.ALLOWED),
    READLINKAT(267, 78, Use.ALLOWED),
    FACCESSAT(269, 48, Use.ALLOWED),
    PSELECT6(270, 72, Use.ALLOWED),
    PPOLL(271, 73, Use.ALLOWED),
    SYNC_FILE_RANGE(277, 84, Use.ALLOWED),
    FALLOCATE(285, 47, Use.ALLOWED),
    DUP3(292, 24, Use.ALLOWED),
    PIPE2(293, 59, Use.ALLOWED),
    PREADV(295, 69, Use.ALLOWED),
    PWRITEV(296, 70, Use.ALLOWED),
    RENAMEAT2(316, 276, Use.ALLOWED),
    COPY_FILE_RANGE(326, 285, Use.ALLOWED),
    PREADV2(327, 286, Use.ALLOWED),
    PWRITEV2(328, 287, Use.ALLOWED),
    STATX(332, 291, Use.ALLOWED),
    CLOSE_RANGE(436, 436, Use.ALLOWED),
    OPENAT2(437, 437, Use.ALLOWED),
    FACCESSAT2(439, 439, Use.ALLOWED),
    // Memory.
    MMAP(9, 222, Use.ALLOWED),
    MPROTECT(10, 226, Use.ALLOWED),
    MUNMAP(11, 215, Use.ALLOWED),
    BRK(12, 214, Use.ALLOWED),
    MREMAP(25, 216, Use.ALLOWED),
    MSYNC(26, 227, Use.ALLOWED),
    MINCORE(27, 232, Use.ALLOWED),
    MADVISE(28, 233, Use.ALLOWED),
    // Threads, signals to itself, clocks.
    RT_SIGACTION(13, 134, Use.ALLOWED),
    RT_SIGPROCMASK(14, 135, Use.ALLOWED),
    RT_SIGRETURN(15, 139, Use.ALLOWED),
    SCHED_YIELD(24, 124, Use.ALLOWED),
    NANOSLEEP(35, 101, Use.ALLOWED),
    EXIT(60, 93, Use.ALLOWED),
    GETTIMEOFDAY(96, 169, Use.ALLOWED),
    RT_SIGPENDING(127, 136, Use.ALLOWED),
    RT_SIGTIMEDWAIT(128, 137, Use.ALLOWED),
    RT_SIGSUSPEND(130, 133, Use.ALLOWED),
    SIGALTSTACK(131, 132, Use.ALLOWED),
    ARCH_PRCTL(158, -1, Use.ALLOWED),
    SCHED_GETPARAM(143, 121, Use.ALLOWED),
    SCHED_GETSCHEDULER(145, 120, Use.ALLOWED),
    SCHED_GET_PRIORITY_MAX(146, 125, Use.ALLOWED),
    SCHED_GET_PRIORITY_MIN(147, 126, Use.ALLOWED),
    GETTID(186, 178, Use.ALLOWED),
    FUTEX(202, 98, Use.ALLOWED),
    TIME(201, -1, Use.ALLOWED),
    SCHED_GETAFFINITY(204, 123, Use.ALLOWED),
    SET_TID_ADDRESS(218, 96, Use.ALLOWED),
    RESTART_SYSCALL(219, 128, Use.ALLOWED),
    CLOCK_GETTIME(228, 113, Use.ALLOWED),
    CLOCK_GETRES(229, 114, Use.ALLOWED),
    CLOCK_NANOSLEEP(230, 115, Use.ALLOWED),
    EXIT_GROUP(231, 94, Use.ALLOWED),
    SET_ROBUST_LIST(273, 99, Use.ALLOWED),
    GET_ROBUST_LIST(274, 100, Use.ALLOWED),
    GETCPU(309, 168, Use.ALLOWED),
    MEMBARRIER(324, 283, Use.ALLOWED),
    RSEQ(334, 293, Use.ALLOWED),
    // Information about itself and the machine.
    GETPID(39, 172, Use.ALLOWED),
    UNAME(63, 160, Use.ALLOWED),
    GETRLIMIT(97, 163, Use.ALLOWED),
    GETRUSAGE(98, 165, Use.ALLOWED),
    SYSINFO(99, 179, Use.ALLOWED),
    TIMES(100, 153, Use.ALLOWED),
    GETUID(102, 174, Use.ALLOWED),
    GETGID(104, 176, Use.ALLOWED),
    GETEUID(107, 175, Use.ALLOWED),
    GETEGID(108, 177, Use.ALLOWED),
    GETPPID(110, 173, Use.ALLOWED),
    GETPRIORITY(140, 141, Use.ALLOWED),
    GETRANDOM(318, 278, Use.ALLOWED),
    // Further filters, which only restrict.
    SECCOMP(317, 277, Use.ALLOWED),
    // Allowed for some values of an argument; see SeccompFilter.
    FCNTL(72, 25, Use.CHECKED),
    IOCTL(16, 29, Use.CHECKED),
    PRCTL(157, 167, Use.CHECKED),
    CLONE(56, 220, Use.CHECKED),
    KILL(62, 129, Use.CHECKED),
    TGKILL(234, 131, Use.CHECKED),
    PRLIMIT64(302, 261, Use.CHECKED),
    // Denied after the program is started.
    EXECVE(59, 221, Use.STARTS),
    EXECVEAT(322, 281, Use.STARTS),
    // The C library falls back to clone, whose flags a filter can read.
    CLONE3(435, 435, Use.ABSENT),
    // Made by the launcher before it installs the filter.
    SETSID(112, 157, Use.LAUNCHER),
    LANDLOCK_CREATE_RULESET(444, 444, Use.LAUNCHER),
    LANDLOCK_ADD_RULE(445, 445, Use.LAUNCHER),
    LANDLOCK_RESTRICT_SELF(446, 446, Use.LAUNCHER);

    /** Treatment by the filter. */
    enum Use {
        ALLOWED,
        CHECKED,
        STARTS,
        ABSENT,
        LAUNCHER
    }

    /** Architecture of the processor. */
    enum Architecture {
        X86_64(0xC000003E),
        AARCH64(0xC00000B7);

        private final int audit;

        Architecture(int audit) {
            this.audit = audit;
        }

        /** {@code AUDIT_ARCH_*}, by which a filter recognizes the table of a call's number. */
        int audit() {
            return audit;
        }
    }

    private final int x86;
    private final int arm;
    private final Use use;

    Syscall(int x86, int arm, Use use) {
        this.x86 = x86;
        this.arm = arm;
        this.use = use;
    }

    Use use() {
        return use;
    }

    /** Number of the call, -1 if the architecture does not have it. */
    int number(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> x86;
            case AARCH64 -> arm;
        };
    }
}
