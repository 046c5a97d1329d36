#!/usr/bin/perl
# Perl's LWP (libwww-perl), and the example of an adapter in one more language, in one file: a
# handler of the user agent plays the server, so that nothing goes over a wire.
use strict;
use warnings; no warnings "redefine";
use Encode qw(encode_utf8);
use HTTP::Response;
use JSON;
use LWP::UserAgent;

# Inputs as octets.  JSON gives characters; UTF-8 is what the vectors mean by them.
sub octets {
    my ($q, $name, $hex) = (@_, $_[0]{"$_[1]_hex"});
    my $given = $hex // $q->{$name} // "";
    my @all = map { defined $hex ? pack("H*", $_) : encode_utf8($_) } ref $given ? @$given : $given;
    return wantarray ? @all : $all[0];
}

# What the library writes into Authorization when it is answered with these challenges.
sub ask {
    my ($q, $method, $uri, @challenges) = @_;
    my ($agent, $sent) = (LWP::UserAgent->new);
    my ($nonce) = "@challenges" =~ /\bnonce="([^"]*)"/;
    $agent->{authen_md5_nonce_count}{$nonce} = hex($q->{nc}) - 1 if defined $nonce;
    $agent->add_handler(request_send => sub {
        my $request = shift;
        my $asked = $request->method . " " . $request->uri->path_query;
        die { unsupported => "asks for $asked" } if $asked ne "$method $uri";
        $sent = $request->header("Authorization");
        my $answer = HTTP::Response->new($sent ? 200 : 401, "",
            ["WWW-Authenticate", \@challenges]);
        $answer->request($request);
        return $answer;
    });
    local *LWP::UserAgent::get_basic_credentials =
        sub { return (scalar octets($q, "username"), scalar octets($q, "password")) };
    $agent->request(HTTP::Request->new($method, "http://127.0.0.1$uri", undef, octets($q, "body")));
    return { authorization_hex => unpack("H*", $sent // die { error => "sent no Authorization" }) };
}

sub respond {
    my $q = shift;
    die { unsupported => "asks for a path, no other form of target" } if $q->{uri} !~ m{^/};
    my $reply = ask($q, $q->{method}, $q->{uri}, octets($q, "www_authenticate"));
    die { error => "answers with Basic" } if pack("H*", $reply->{authorization_hex}) =~ /^Basic/;
    return $reply;
}

my %operations = ("basic.encode" => sub { ask(shift, "GET", "/", 'Basic realm="r"') },
    "digest.respond" => \&respond);
my $hello = { adapter => "lwp", version => $LWP::VERSION, own => ["cnonce"],
    operations => [sort keys %operations] };
$| = 1;    # flush after each line
while (my $line = <STDIN>) {
    my $q = decode_json($line);
    my $reply = exists $q->{hello} ? $hello
        : eval { $operations{ $q->{op} }->($q) } // (ref $@ ? $@ : { error => "$@" });
    print encode_json({ %$reply, exists $q->{id} ? (id => $q->{id}) : () }), "\n";
}
