// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.jangada.cli.torture.Links.Link;
import io.jangada.cli.torture.Links.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Draws the faults of each kind. Belongs to one thread. */
final class Faults {
    private static final int CORRUPT_PERMILLE = 20;
    private static final int CLOCK_SECONDS_MAX = 7_200;

    private final Cluster cluster;
    private final SplittableRandom random;

    Faults(Cluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
    }

    /** One of a kind, against members of the cluster's choice or of chance's. */
    Fault next(FaultKind kind) {
        return switch (kind) {
            case KILL -> new Kill(List.of(victim()), List.of());
            case KILL_ALL -> new Kill(cluster.members(), List.of());
            case CLOCK -> new Kill(List.of(victim()), List.of("env", "DONT_FAKE_MONOTONIC=1",
                    "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", clockSpec()));
            case PAUSE -> new Pause(victim());
            case DISK -> new FullDisk(victim());
            case PARTITION -> new Network("cut", links(), new Rule.Cut(), cluster);
            case DELAY -> {
                Duration by = Duration.ofMillis(20 + random.nextInt(400));
                yield new Network("delayed by " + by.toMillis() + " ms", links(),
                        new Rule.Delay(by), cluster);
            }
            case DROP -> new Network("dropped", links(), new Rule.Drop(), cluster);
            case CORRUPT -> new Network("corrupted", links(), new Rule.Corrupt(CORRUPT_PERMILLE),
                    cluster);
        };
    }

    /** In faketime's words: so much later or earlier than it is. */
    private String clockSpec() {
        return (random.nextBoolean() ? "+" : "-") + (1 + random.nextInt(CLOCK_SECONDS_MAX)) + "s";
    }

    /** The leader as often as not. */
    private Member victim() {
        List<Member> members = cluster.members();
        int drawn = random.nextInt(members.size());
        if (random.nextBoolean()) {
            return members.stream().filter(Member::leads).findFirst()
                    .orElse(members.get(drawn));
        }
        return members.get(drawn);
    }

    /** One member from all others in one direction or both, one direction between two, or halves. */
    private List<Link> links() {
        int size = cluster.members().size();
        int one = cluster.members().indexOf(victim());
        List<Integer> others = IntStream.range(0, size).filter(i -> i != one).boxed().toList();
        List<Link> links = new ArrayList<>();
        int shape = random.nextInt(5);
        int drawn = others.isEmpty() ? 0 : random.nextInt(others.size());
        for (int i = 0; i < others.size(); i++) {
            int other = others.get(i);
            boolean meant = switch (shape) {
                case 3 -> i == drawn;
                case 4 -> i <= drawn;
                default -> true;
            };
            if (meant && shape != 2) {
                links.add(new Link(one, other));
            }
            if (meant && shape != 1) {
                links.add(new Link(other, one));
            }
        }
        return links;
    }

    /** SIGKILL, and a new start, by {@code before} if it is given, at the beginning or at the end. */
    private record Kill(List<Member> members, List<String> before) implements Fault {
        @Override
        public String text() {
            String names = String.join(" and ", members.stream().map(Member::name).toList());
            return before.isEmpty()
                    ? "kill " + names
                    : "clock of " + names + " " + before.getLast();
        }

        @Override
        public void begin() throws IOException, InterruptedException {
            for (Member member : members) {
                member.signal("STOP"); // None runs on while the others die.
            }
            for (Member member : members) {
                member.kill();
                if (!before.isEmpty()) {
                    member.start(before);
                }
            }
        }

        @Override
        public void end() throws IOException, InterruptedException {
            for (Member member : members) {
                if (!before.isEmpty()) {
                    member.kill();
                }
                member.start();
            }
        }
    }

    private record Pause(Member member) implements Fault {
        @Override
        public String text() {
            return "pause " + member.name();
        }

        @Override
        public void begin() throws IOException, InterruptedException {
            member.signal("STOP");
        }

        @Override
        public void end() throws IOException, InterruptedException {
            member.signal("CONT");
        }
    }

    private record FullDisk(Member member) implements Fault {
        @Override
        public String text() {
            return "full disk of " + member.name();
        }

        @Override
        public void begin() throws IOException {
            Disks.fill(member.dataFolder());
        }

        @Override
        public void end() throws IOException {
            Disks.free(member.dataFolder());
            member.start(); // If it has ended for lack of room.
        }
    }

    private record Network(String how, List<Link> links, Rule rule, Cluster cluster)
            implements
                Fault {
        @Override
        public String text() {
            return how + ": " + String.join(", ", links.stream()
                    .map(link -> "m" + (link.from() + 1) + " to m" + (link.to() + 1)).toList());
        }

        @Override
        public void begin() {
            links.forEach(link -> cluster.links().set(link, rule));
        }

        @Override
        public void end() {
            links.forEach(cluster.links()::heal);
        }
    }
}
