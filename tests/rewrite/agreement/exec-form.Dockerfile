FROM debian:12
USER 1000
ENTRYPOINT ["/entrypoint.sh"]
CMD ["run", \
     "--fast"]
