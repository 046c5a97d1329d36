"""libmicrohttpd from Python: its server on a loopback port, and its checks of credentials."""
import ctypes

lib = ctypes.CDLL("libmicrohttpd.so.12")
for function in (lib.MHD_start_daemon, lib.MHD_get_daemon_info, lib.MHD_get_version,
                 lib.MHD_basic_auth_get_username_password, lib.MHD_create_response_from_buffer):
    function.restype = ctypes.c_void_p
POINTER, SIZE = ctypes.c_void_p, ctypes.c_size_t
THREAD, PORT_OF_DAEMON, RANDOM, NONCES, END, PASS_S = 8, 6, 17, 18, 0, 300
HANDLER = ctypes.CFUNCTYPE(ctypes.c_int, POINTER, POINTER, ctypes.c_char_p, ctypes.c_char_p,
                           ctypes.c_char_p, POINTER, ctypes.POINTER(SIZE), ctypes.POINTER(POINTER))
secret = ctypes.create_string_buffer(b"vectors", 8)  # libmicrohttpd keeps the pointer
kept = []


def version():
    return ctypes.string_at(lib.MHD_get_version()).decode()


def empty_response():
    return POINTER(lib.MHD_create_response_from_buffer(SIZE(0), None, 0))


def basic_account(connection):
    password = ctypes.c_char_p()
    name = lib.MHD_basic_auth_get_username_password(connection, ctypes.byref(password))
    return (ctypes.string_at(name) if name else None, password.value)


def digest_is_right(connection, realm, name, password, algorithm):
    return lib.MHD_digest_auth_check2(connection, realm, name, password, PASS_S, algorithm) == 1


def queue_challenge(connection, realm, algorithm):
    response = empty_response()
    queued = lib.MHD_queue_auth_fail_response2(connection, realm, b"o", response, 0, algorithm)
    lib.MHD_destroy_response(response)
    return queued


def queue_status(connection, status):
    response = empty_response()
    queued = lib.MHD_queue_response(connection, status, response)
    lib.MHD_destroy_response(response)
    return queued


def start(decide):
    """The URL of a server that asks decide(connection, queue) once a request has arrived."""
    def handle(_, connection, *rest):
        size, seen = rest[4:]
        if not seen[0] or size[0]:
            seen[0], size[0] = 1, 0
            return 1
        connection = POINTER(connection)
        return decide(connection, lambda status: queue_status(connection, status))

    kept.append(HANDLER(handle))
    daemon = POINTER(lib.MHD_start_daemon(
        THREAD, ctypes.c_uint16(0), None, None, kept[0], None, RANDOM, SIZE(8), secret,
        NONCES, 1000, END))
    info = lib.MHD_get_daemon_info(daemon, PORT_OF_DAEMON)
    return "http://127.0.0.1:%d/" % ctypes.cast(info, ctypes.POINTER(ctypes.c_uint16))[0]
