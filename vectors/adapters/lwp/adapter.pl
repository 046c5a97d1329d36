#!/usr/bin/perl
# Perl's LWP (libwww-perl), and the example of an adapter in one more language, in one file: a
# handler of the user agent plays the server, so that nothing goes over a wire.
use strict;
use warnings;
use HTTP::Response;
use JSON;
use LWP::UserAgent;

$| = 1;    # flush after each line
my $json = JSON->new->utf8->ascii->canonical;

# An input as octets.  JSON gives characters; UTF-8 is what the vectors mean by them.
sub octets {
    my ($q, $name) = @_;
    return pack("H*", $q->{"${name}_hex"}) if exists $q->{"${name}_hex"};
    my $text = $q->{$name} // "";
    utf8::encode($text);
    return $text;
}

# What the library writes into Authorization when it is answered with these challenges.
sub ask {
    my ($q, $method, $uri, @challenges) = @_;
    my $agent = LWP::UserAgent->new;
    my ($sent, $elsewhere);
    if ("@challenges" =~ /\bnonce="([^"]*)"/) {
        $agent->{authen_md5_nonce_count}{$1} = hex($q->{nc}) - 1;
    }
    $agent->add_handler(request_send => sub {
        my $request = shift;
        $sent = $request->header("Authorization");
        $elsewhere = $request->method . " " . $request->uri->path_query
            if $request->method ne $method || $request->uri->path_query ne $uri;
        my $answer = HTTP::Response->new($sent ? 200 : 401);
        $answer->push_header("WWW-Authenticate", $_) for @challenges;
        $answer->request($request);
        return $answer;
    });
    no warnings "redefine";
    local *LWP::UserAgent::get_basic_credentials =
        sub { return (octets($q, "username"), octets($q, "password")) };
    my $body = pack("H*", $q->{body_hex} // "");
    $agent->request(HTTP::Request->new($method, "http://127.0.0.1$uri", undef, $body));
    die { unsupported => "asks for $elsewhere" } if defined $elsewhere;
    die { error => "sent no Authorization" } unless $sent;
    my $text = $sent;
    return { authorization => $text } if utf8::decode($text);
    return { authorization_hex => unpack("H*", $sent) };
}

my %operations = (
    "basic.encode" => sub { ask($_[0], "GET", "/", 'Basic realm="r"') },
    "digest.respond" => sub {
        my $q = shift;
        my $hex = $q->{www_authenticate_hex};
        my @challenges = $hex ? map { pack("H*", $_) } @$hex : @{ $q->{www_authenticate} };
        utf8::encode($_) for $hex ? () : @challenges;
        die { unsupported => "asks for a path, no other form of target" } if $q->{uri} !~ m{^/};
        my $reply = ask($q, $q->{method}, $q->{uri}, @challenges);
        die { error => "answers with Basic" } if ($reply->{authorization} // "") =~ /^Basic/;
        return $reply;
    },
);

while (my $line = <STDIN>) {
    my $q = $json->decode($line);
    my $reply = { adapter => "lwp", version => $LWP::VERSION, own => ["cnonce"],
        operations => [sort keys %operations] };
    unless (exists $q->{hello}) {
        $reply = eval { $operations{ $q->{op} }->($q) } // (ref $@ ? $@ : { error => "$@" });
        $reply->{id} = $q->{id};
    }
    print $json->encode($reply), "\n";
}
