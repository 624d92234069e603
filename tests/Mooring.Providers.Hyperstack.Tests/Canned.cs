using System.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>A network that answers what it is told, and keeps what was asked.</summary>
internal sealed class Canned(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public const string Key = "key-0123456789";
    public const string Installation = "k3p9x2mq";

    private readonly List<(string Method, string Target, string Body)> _asked = [];

    /// <summary>Method, path and query, body.</summary>
    public IReadOnlyList<(string Method, string Target, string Body)> Asked => _asked;

    public HttpRequestMessage? Last { get; private set; }

    /// <summary>Always the same answer.</summary>
    public static Canned Answering(int status, string body) => new(_ => Task.FromResult(Answer(status, body)));

    /// <summary>Always the same failure.</summary>
    public static Canned Failing(Exception failure) => new(_ => Task.FromException<HttpResponseMessage>(failure));

    public static HttpResponseMessage Answer(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body) };

    /// <summary>A client over this network.</summary>
    public HyperstackClient Client(TimeProvider time) =>
        new(new HyperstackOptions(), Key, this, time);

    /// <summary>A provider over this network.</summary>
    public HyperstackProvider Provider(HyperstackOptions? options = null) => HyperstackProvider.Open(
        options ?? new HyperstackOptions(), Key, Installation, TimeProvider.System, NullLogger.Instance, this);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Last = request;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        _asked.Add((request.Method.Method, request.RequestUri!.PathAndQuery, body));
        return await answer(request).WaitAsync(cancellationToken);
    }
}
