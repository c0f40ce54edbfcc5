using System.Buffers;
using System.Globalization;
using System.Text;
using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Clients;

/// <summary>Requests as bytes, in both framings of the client protocol.</summary>
public static class RequestWriter
{
    public static void WriteAuth(IBufferWriter<byte> output, bool resp, string username, string password)
    {
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}\\0{password}"));
        Write(output, resp, "AUTH", token);
    }

    public static void Write(IBufferWriter<byte> output, bool resp, in Request request)
    {
        switch (request.Kind)
        {
            case OperationKind.Put:
                Write(output, resp, "PUT", request.Key, request.Value!);
                break;
            case OperationKind.Get:
                Write(output, resp, "GET", request.Key);
                break;
            case OperationKind.Delete:
                Write(output, resp, "DEL", request.Key);
                break;
            case OperationKind.Add when request.Delta < 0:
                Write(output, resp, "DECR", request.Key, (-request.Delta).ToString(CultureInfo.InvariantCulture));
                break;
            case OperationKind.Add:
                Write(output, resp, "INCR", request.Key, request.Delta.ToString(CultureInfo.InvariantCulture));
                break;
            case OperationKind.Scan:
                Write(output, resp, "REGX", request.Key);
                break;
        }
    }

    private static void Write(IBufferWriter<byte> output, bool resp, params ReadOnlySpan<string> words)
    {
        var text = new StringBuilder();
        if (resp)
        {
            text.Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
            foreach (var word in words)
                text.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        }
        else
        {
            text.AppendJoin(' ', words).Append("\r\n");
        }
        Encoding.ASCII.GetBytes(text.ToString(), output);
    }
}
