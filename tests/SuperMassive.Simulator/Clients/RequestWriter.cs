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
                Write(output, resp, "DECR", request.Key, Text(-request.Delta));
                break;
            case OperationKind.Add:
                Write(output, resp, "INCR", request.Key, Text(request.Delta));
                break;
            case OperationKind.Scan when request.Window is { } window:
                Write(output, resp, "REGX", request.Key, Text(window.Offset), Text(window.Limit));
                break;
            case OperationKind.Scan:
                Write(output, resp, "REGX", request.Key);
                break;
            case OperationKind.Ask:
                Write(output, resp, request.Key);
                break;
            case OperationKind.Reload:
                Write(output, resp, "RCNF");
                break;
        }
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

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
