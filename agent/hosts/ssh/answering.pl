# Answers Caretaker's questions about this machine. It arrives over SSH on perl's standard input,
# leaves nothing behind and ends with the connection. Perl's own modules only, as Debian's perl-base
# and macOS bring them.
#
# In:  a mark, then per question "<id> <n>\n" and n pieces, each "<length>\n<bytes>"; "go 0\n" ends a
#      batch.
# Out: "\n<mark>\n", then per answer "<id> ok|none|cannot <n>\n" and n pieces; "done ok 0\n" ends one.
#
# Places a user can write are hostile (O17), as in agent/hosts/walking.py: the path is walked one
# folder at a time, each folder compared with what was looked at before it was entered; a link is
# followed only where root alone could have made it; only regular files are opened.
use strict;
use warnings;
use Errno qw(EACCES EPERM ENOENT ENOTDIR ELOOP ECONNREFUSED ETIMEDOUT EINTR);
use Fcntl qw(:DEFAULT :mode);
use POSIX ();
use Socket qw(AF_UNIX SOCK_STREAM pack_sockaddr_un);

my @SEARCH = qw(/usr/sbin /usr/bin /sbin /bin /usr/local/sbin /usr/local/bin /snap/bin);
my %BASE = (
    PATH => join(':', @SEARCH), HOME => '/root', LC_ALL => 'C', LANG => 'C', LANGUAGE => '',
    TZ => 'UTC', DEBIAN_FRONTEND => 'noninteractive',
);
my ($PATIENCE, $ERRORS_KEPT, $LINKS, $NAMES) = (10, 65536, 40, 100_000);
my $NOFOLLOW = eval { O_NOFOLLOW() } || 0;

sub cannot { die { cannot => $_[0] } }
sub missing { die { none => 1 } }

# The reason behind the system's refusal of the last call.
sub refused {
    my $error = $! + 0;
    missing() if $error == ENOENT || $error == ENOTDIR;
    cannot('denied') if $error == EACCES || $error == EPERM || $error == ELOOP;
    cannot('timeout') if $error == ETIMEDOUT;
    cannot('unsupported');
}

sub only_root_writes {
    my @info = @_;
    return 0 if $info[4] != 0 || $info[2] & S_IWOTH;
    return !($info[2] & S_IWGRP && $info[5] != 0);
}

sub parts { return grep { $_ ne '' && $_ ne '.' } split m{/}, $_[0] }

# Enters the folder a path lies in; gives the last name, whether root alone could have written the
# way there, and who owns the folder.
sub walk {
    my ($path) = @_;
    cannot('unsupported') if $path !~ m{^/} || $path =~ /\0/;
    my @parts = parts($path);
    my ($trusted, $links) = (1, 0);
    chdir '/' or refused();
    while (@parts > 1) {
        my $name = shift @parts;
        my @before = lstat $name or refused();
        if (S_ISLNK($before[2])) {
            my $target = readlink $name;
            refused() if !defined $target;
            cannot('denied') if !$trusted || ++$links > $LINKS;
            if ($target =~ m{^/}) { chdir '/' or refused(); $trusted = 1 }
            unshift @parts, parts($target);
            next;
        }
        missing() if !S_ISDIR($before[2]);
        chdir $name or refused();
        my @after = lstat '.' or refused();
        cannot('denied') if $after[0] != $before[0] || $after[1] != $before[1];
        $trusted &&= only_root_writes(@after);
    }
    my @folder = lstat '.' or refused();
    return (@parts ? $parts[0] : '.', $trusted, $folder[4]);
}

# Follows the last name while only root could have made it a link; leaves us in its folder.
sub settle {
    my ($path) = @_;
    for (1 .. $LINKS) {
        my ($name, $trusted, $owner) = walk($path);
        my @info = lstat $name or refused();
        return ($name, $trusted, $owner, @info) if !S_ISLNK($info[2]);
        cannot('denied') if !$trusted;
        my $target = readlink $name;
        refused() if !defined $target;
        $path = $target =~ m{^/} ? $target : ($path =~ s{[^/]*/*$}{}r) . $target;
    }
    cannot('denied');
}

sub answer_read {
    my ($path, $limit) = @_;
    my ($name, $trusted, $owner, @info) = settle($path);
    cannot('denied') if !S_ISREG($info[2]);
    cannot('denied') if !$trusted && $info[3] > 1 && $info[4] != $owner;
    sysopen my $file, $name, O_RDONLY | $NOFOLLOW | O_NONBLOCK | O_NOCTTY or refused();
    my @opened = stat $file;
    cannot('denied') if !S_ISREG($opened[2]);
    cannot('too-large') if $opened[7] > $limit;
    my $kept = '';
    while (length $kept <= $limit) {
        my $left = $limit + 1 - length $kept;
        my $got = sysread $file, $kept, $left < 65536 ? $left : 65536, length $kept;
        refused() if !defined $got;
        return $kept if $got == 0;
    }
    cannot('too-large');
}

sub answer_stat {
    my ($name) = walk($_[0]);
    my @info = lstat $name or refused();
    my $kind = S_ISREG($info[2]) ? 'file' : S_ISDIR($info[2]) ? 'folder'
        : S_ISLNK($info[2]) ? 'link' : 'other';
    return ($kind, $info[7], S_IMODE($info[2]), $info[4], $info[5], int $info[9]);
}

sub answer_list {
    walk("$_[0]/x");
    opendir my $folder, '.' or refused();
    my @names = grep { $_ ne '.' && $_ ne '..' } readdir $folder;
    cannot('too-large') if @names > $NAMES;
    return @names;
}

sub answer_link {
    my ($name) = walk($_[0]);
    my $target = readlink $name;
    return $target if defined $target;
    missing() if $! == POSIX::EINVAL();
    refused();
}

sub answer_ask {
    my ($path, $question, $limit) = @_;
    my ($name) = walk($path);
    my @info = lstat $name or refused();
    cannot('denied') if !S_ISSOCK($info[2]);
    socket my $line, AF_UNIX, SOCK_STREAM, 0 or refused();
    if (!connect $line, pack_sockaddr_un($name)) {
        missing() if $! == ECONNREFUSED;
        refused();
    }
    local $SIG{PIPE} = 'IGNORE';
    syswrite $line, $question or refused();
    shutdown $line, 1;
    my ($kept, $until) = ('', time + $PATIENCE);
    while (1) {
        my $got = awaited($line, $until, \$kept);
        cannot('timeout') if !defined $got;
        return $kept if $got == 0;
        cannot('too-large') if length $kept > $limit;
    }
}

# Waits for one handle; gives what sysread gives, nothing when time is up.
sub awaited {
    my ($line, $until, $kept) = @_;
    my $left = $until - time;
    return if $left <= 0;
    my $ready = '';
    vec($ready, fileno $line, 1) = 1;
    return if !select $ready, undef, undef, $left;
    my $got = sysread $line, $$kept, 65536, length $$kept;
    refused() if !defined $got;
    return $got;
}

sub found {
    my ($program) = @_;
    if ($program =~ m{/}) {
        return $program if $program =~ m{^/} && -x $program && !-d _;
        cannot('tool-missing');
    }
    for my $folder (@SEARCH) {
        return "$folder/$program" if -x "$folder/$program" && !-d _;
    }
    cannot('tool-missing');
}

# Root runs nothing that somebody else could have put there.
sub safe {
    my ($program) = @_;
    return $program if $> != 0;
    my (undef, $trusted, undef, @info) = eval { settle($program) };
    if (my $why = $@) { cannot(ref $why && $why->{none} ? 'tool-missing' : 'denied') }
    cannot('denied') if !$trusted || !only_root_writes(@info);
    return $program;
}

# The program has a group of its own, which is ended whole: a grandchild that keeps the pipe open
# must not hold the answer up.
sub answer_run {
    my ($timeout, $limit, $uid, $gid, $home, @argv) = @_;
    my $program = safe(found($argv[0]));
    pipe my $out, my $out_end or refused();
    pipe my $err, my $err_end or refused();
    pipe my $word, my $word_end or refused();
    my $child = fork;
    refused() if !defined $child;
    if ($child == 0) {
        close $_ for $out, $err, $word;
        become($uid, $gid, $home, $out_end, $err_end);
        { no warnings 'exec'; exec { $program } @argv }
        syswrite $word_end, $! + 0;
        POSIX::_exit(127);
    }
    close $_ for $out_end, $err_end, $word_end;
    setpgrp $child, $child;
    my $said;
    sysread $word, $said, 16;    # the end of this pipe means that the program runs
    my ($kept, $errors, $why) = collected($out, $err, time + 1 + $timeout, $limit, $child);
    my $status = ended($child, $why ? 0 : 1);
    if (defined $said && length $said) {
        cannot($said == EACCES || $said == EPERM ? 'denied' : 'tool-missing');
    }
    cannot($why) if $why;
    my $code = $status & 127 ? -($status & 127) : $status >> 8;
    return ($code, $kept, substr $errors, 0, $ERRORS_KEPT);
}

sub become {
    my ($uid, $gid, $home, $out, $err) = @_;
    setpgrp 0, 0;
    open STDIN, '<', '/dev/null';
    open STDOUT, '>&', $out;
    open STDERR, '>&', $err;
    chdir '/';
    %ENV = %BASE;
    return if $uid eq '';
    %ENV = (
        %BASE, HOME => $home, XDG_RUNTIME_DIR => "/run/user/$uid",
        DBUS_SESSION_BUS_ADDRESS => "unix:path=/run/user/$uid/bus",
    );
    return if $> == $uid;
    $) = "$gid $gid";
    $( = $gid;
    ($<, $>) = ($uid, $uid);
    POSIX::_exit(126) if $> != $uid || $< != $uid || (split ' ', $))[0] != $gid;
}

my $STATUS;

# Whole seconds are all the clock here has, so a program gets up to one more than it was given.
# Reads both pipes until they close, or the program has ended and left nothing more to read.
sub collected {
    my ($out, $err, $until, $limit, $child) = @_;
    my ($kept, $errors) = ('', '');
    my %open = (fileno $out, [$out, \$kept], fileno $err, [$err, \$errors]);
    undef $STATUS;
    while (%open) {
        my $left = $until - time;
        return ($kept, $errors, 'timeout') if $left <= 0;
        my $ready = '';
        vec($ready, $_, 1) = 1 for keys %open;
        my $gone = gone($child);
        my $many = select $ready, undef, undef, $gone ? 0 : $left < 0.05 ? $left : 0.05;
        if ($many <= 0) { last if $gone; next }
        for my $number (keys %open) {
            next if !vec $ready, $number, 1;
            my ($pipe, $into) = @{ $open{$number} };
            my $data;
            my $got = sysread $pipe, $data, 65536;
            if (!$got) { delete $open{$number}; next }
            $$into .= $data if $into == \$kept || length $errors < $ERRORS_KEPT;
        }
        return ($kept, $errors, 'too-large') if length $kept > $limit;
    }
    until (gone($child)) {
        return ($kept, $errors, 'timeout') if time >= $until;
        select undef, undef, undef, 0.01;
    }
    return ($kept, $errors, '');
}

sub gone {
    my ($child) = @_;
    return 1 if defined $STATUS;
    return 0 if waitpid($child, POSIX::WNOHANG()) != $child;
    $STATUS = $?;
    return 1;
}

sub ended {
    my ($child) = @_;
    kill 'KILL', -$child;
    if (!defined $STATUS) { waitpid $child, 0; $STATUS = $? }
    return $STATUS;
}

sub word_of {
    my ($path, $most) = @_;
    open my $file, '<:raw', $path or return;
    my $data;
    sysread $file, $data, $most;
    return $data;
}

# Five pieces a program: number, its file ("" where it may not be seen), short name, owner's number,
# first word of its command line. Kernel threads and what ended meanwhile are left out.
sub answer_processes {
    opendir my $folder, '/proc' or refused();
    my @rows;
    for my $pid (grep { /^\d+$/ && $_ != $$ } readdir $folder) {
        my $exe = readlink "/proc/$pid/exe";
        next if !defined $exe && $! != EACCES;
        my $comm = word_of("/proc/$pid/comm", 64);
        my @info = stat "/proc/$pid" or next;
        next if !defined $comm;
        my $first = word_of("/proc/$pid/cmdline", 4096);
        $first = defined $first ? (split /\0/, $first)[0] // '' : '';
        push @rows, $pid, $exe // '', $comm, $info[4], $first;
    }
    return @rows;
}

# Two pieces a socket: its inode and the short name of a program that holds it open.
sub answer_sockets {
    opendir my $folder, '/proc' or refused();
    my %owner;
    for my $pid (grep { /^\d+$/ } readdir $folder) {
        opendir my $files, "/proc/$pid/fd" or next;
        for my $number (readdir $files) {
            my $target = readlink("/proc/$pid/fd/$number") // '';
            next if $target !~ /^socket:\[(\d+)\]$/;
            $owner{$1} //= word_of("/proc/$pid/comm", 64) // '';
        }
    }
    return %owner;
}

# Seconds since the start, with sleep and without (clock_gettime(2), whose number each kind of
# machine has its own of).
sub answer_uptime {
    my $machine = (POSIX::uname())[4];
    my $call = { x86_64 => 228, aarch64 => 113, riscv64 => 113, i686 => 265, armv7l => 263 }
        ->{$machine};
    cannot('unsupported') if $^O ne 'linux' || !$call;
    return map {
        my $room = "\0" x 16;
        cannot('unsupported') if syscall($call, $_, $room) != 0;
        unpack 'L!', $room;
    } (7, 1);
}

my %ANSWERS = (
    read => \&answer_read, stat => \&answer_stat, list => \&answer_list, link => \&answer_link,
    run => \&answer_run, ask => \&answer_ask, processes => \&answer_processes,
    sockets => \&answer_sockets, uptime => \&answer_uptime, clock => sub { return time },
    hello => sub { return ($^O, $>, time, (POSIX::uname())[1]) },
);

sub piece {
    my $length = <STDIN>;
    exit 0 if !defined $length;
    my $data = '';
    while (length $data < $length) {
        my $got = read STDIN, $data, $length - length $data, length $data;
        exit 0 if !$got;
    }
    return $data;
}

sub say_one {
    my ($id, $status, @pieces) = @_;
    print STDOUT "$id $status ", scalar @pieces, "\n", map { (length $_, "\n", $_) } @pieces;
}

binmode STDIN;
binmode STDOUT;
$| = 1;
%ENV = %BASE;
chomp(my $mark = <STDIN> // exit 0);
print STDOUT "\n$mark\n";
while (defined(my $line = <STDIN>)) {
    my ($id, $count) = split ' ', $line;
    if ($id eq 'go') { print STDOUT "done ok 0\n"; next }
    my ($method, @words) = map { piece() } 1 .. $count;
    my @answer = eval { ($ANSWERS{$method} // sub { cannot('unsupported') })->(@words) };
    if (my $why = $@) {
        if (!ref $why) { say_one($id, 'cannot', 'crashed') }
        elsif ($why->{none}) { say_one($id, 'none') }
        else { say_one($id, 'cannot', $why->{cannot}) }
        next;
    }
    say_one($id, 'ok', @answer);
}
exit 0;
__END__
